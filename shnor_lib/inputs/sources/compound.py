"""The compound file that an old workbook (.xls) is kept in: one stream is taken out of it and put into a new one, alone."""

from __future__ import annotations

from struct import Struct, pack, unpack_from

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""What a compound file begins with."""

_UNUSED, _END, _OF_TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_LAST_SECTOR = 0xFFFFFFFA
_ENTRY = Struct("<64sHBBIII36xIQ")
_SMALL, _SMALL_SECTOR = 4096, 64
_SECTOR = 4096
_STREAM, _ROOT = 2, 5


def streams_of(data: bytes) -> dict[str, bytes]:
    """The streams that stand in the root of a compound file, by name; those inside of its storages are left alone.

    Raises
    ------
    ValueError
        When a chain of sectors leads nowhere or in a circle.
    struct.error
        When the file ends too early.
    """
    size = 1 << unpack_from("<H", data, 30)[0]
    if size not in (512, _SECTOR):
        raise ValueError(size)
    first_entry, cutoff, small_table, _, more_tables, _ = unpack_from("<I4xIIIII", data, 48)
    per_sector = size // 4

    def sector(number: int) -> bytes:
        return data[(number + 1) * size : (number + 2) * size]

    places = list(unpack_from("<109I", data, 76))
    for link in _chain(more_tables, lambda number: unpack_from("<I", sector(number), size - 4)[0], len(data) // size):
        places += unpack_from(f"<{per_sector - 1}I", sector(link))
    table: list[int] = []
    for place in places[: len(data) // size]:
        if place < _LAST_SECTOR:
            table += unpack_from(f"<{per_sector}I", sector(place))

    def whole(first: int) -> bytes:
        return b"".join(map(sector, _chain(first, table.__getitem__, len(table))))

    directory = whole(first_entry)
    entries = [_ENTRY.unpack_from(directory, at) for at in range(0, len(directory) - _ENTRY.size + 1, _ENTRY.size)]
    root = next(one for one in entries if one[2] == _ROOT)
    small = whole(root[7])
    links = whole(small_table)
    small_links = unpack_from(f"<{len(links) // 4}I", links)

    def content(first: int, length: int) -> bytes:
        if length >= cutoff or cutoff != _SMALL:
            return whole(first)[:length]
        pieces = _chain(first, small_links.__getitem__, len(small_links))
        return b"".join(small[one * _SMALL_SECTOR : (one + 1) * _SMALL_SECTOR] for one in pieces)[:length]

    found, seen, waiting = {}, set(), [root[6]]
    while waiting:
        at = waiting.pop()
        if at < len(entries) and at not in seen:
            seen.add(at)
            name, length_of_name, kind, _, before, after, _, first, length = entries[at]
            waiting += [before, after]
            if kind == _STREAM:
                text = name[: max(length_of_name - 2, 0)].decode("utf-16-le", errors="replace")
                found[text] = content(first, length & 0xFFFFFFFF)
    return found


def _chain(first: int, following, most: int) -> list[int]:
    numbers = []
    while first < _LAST_SECTOR:
        if len(numbers) > most:
            raise ValueError(first)
        numbers.append(first)
        first = following(first)
    return numbers


def compound_file(name: str, stream: bytes) -> bytes:
    """A compound file with one stream."""
    stream = stream.ljust(max(-(-len(stream) // _SECTOR), 1) * _SECTOR, b"\0")
    sectors, tables = len(stream) // _SECTOR, 1
    while tables * (_SECTOR // 4) < tables + 1 + sectors:
        tables += 1
    links = [_OF_TABLE] * tables + [_END, *range(tables + 2, tables + 1 + sectors), _END]
    links += [_UNUSED] * (tables * (_SECTOR // 4) - len(links))
    places = [*range(tables), *[_UNUSED] * (109 - tables)]
    header = SIGNATURE + bytes(16) + pack("<HHHHH6x", 0x3E, 4, 0xFFFE, 12, 6)
    header += pack("<IIIIIIIIII", 1, tables, tables, 0, _SMALL, _END, 0, _END, 0, places[0])
    header += pack("<108I", *places[1:])
    root = _entry("Root Entry", _ROOT, 1, tables, 0)  # the reader wants it to have a sector: that of the directory
    directory = root + _entry(name, _STREAM, _UNUSED, tables + 1, len(stream))
    table = pack(f"<{len(links)}I", *links)
    return header.ljust(_SECTOR, b"\0") + table + directory.ljust(_SECTOR, b"\0") + stream


def _entry(name: str, kind: int, child: int, first: int, length: int) -> bytes:
    text = f"{name}\0".encode("utf-16-le")
    return _ENTRY.pack(text, len(text), kind, 1, _UNUSED, _UNUSED, child, first, length)
