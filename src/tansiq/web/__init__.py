"""Django as the edge: pages and forms over the desk. Function views, thin: parse, ask the desk,
render.
"""
