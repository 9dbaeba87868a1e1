"""How the time a record takes grows with the number of records: one number and one picture."""

import math

_WIDE, _HIGH, _LEFT, _LOW = 640, 320, 70, 50


def exponent(curve: dict[int, float]) -> float:
    """The power of the size with which the time a record grows, by least squares; 0 is flat."""
    points = [(math.log(size), math.log(value)) for size, value in curve.items()]
    x_mean = sum(x for x, _ in points) / len(points)
    y_mean = sum(y for _, y in points) / len(points)
    across = sum((x - x_mean) ** 2 for x, _ in points)
    return sum((x - x_mean) * (y - y_mean) for x, y in points) / across


def picture(curve: dict[int, float]) -> str:
    """The curve as SVG: records on a logarithmic scale, microseconds a record from 0."""
    sizes = sorted(curve)
    top = max(curve.values()) * 1.25
    first, last = math.log10(sizes[0]), math.log10(sizes[-1])

    def place(size: int, value: float) -> tuple[float, float]:
        across = (math.log10(size) - first) / (last - first or 1)
        return (
            round(_LEFT + across * (_WIDE - _LEFT - 40), 1),
            round((_HIGH - _LOW) * (1 - value / top) + 10, 1),
        )

    dots = [place(size, curve[size]) for size in sizes]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {_HIGH}" role="img">',
        "<title>Time a record takes against the number of records</title>",
        '<rect width="100%" height="100%" fill="#fff"/>',
        '<g font-family="sans-serif" font-size="13" fill="#222">',
    ]
    for step in range(5):
        value = top * step / 4
        _, y = place(sizes[0], value)
        parts.append(f'<path d="M{_LEFT} {y}H{_WIDE - 40}" stroke="#ddd"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 4}" text-anchor="end">{value:.0f}</text>')
    for size, (x, y) in zip(sizes, dots, strict=True):
        parts.append(f'<circle cx="{x}" cy="{y}" r="4" fill="#0a5"/>')
        parts.append(f'<text x="{x}" y="{y - 10}" text-anchor="middle">{curve[size]:.0f}</text>')
        parts.append(f'<text x="{x}" y="{_HIGH - 22}" text-anchor="middle">{size:,}</text>')
    line = " ".join(f"{x},{y}" for x, y in dots)
    parts += [
        f'<polyline points="{line}" fill="none" stroke="#0a5" stroke-width="2"/>',
        f'<text x="{_WIDE / 2}" y="{_HIGH - 5}" text-anchor="middle">records</text>',
        f'<text x="{_LEFT}" y="12">microseconds a record</text>',
        "</g></svg>",
    ]
    return "\n".join(parts) + "\n"
