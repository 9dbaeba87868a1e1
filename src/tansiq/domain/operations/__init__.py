"""Operations worked out from what records say: when planned activities take place, and
which meet.
"""
