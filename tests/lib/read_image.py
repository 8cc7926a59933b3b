"""Reads preload images by docs/formats/preload-image.md alone: a second reader, so that the page is known to be enough."""
import re
import sys


class Bits:
    def __init__(self, octets):
        self.text = ''.join(f'{octet:08b}' for octet in octets)
        self.at = 0

    def take(self, count):
        self.at += count
        return self.text[self.at - count:self.at]

    def number(self, count):
        return int(self.take(count), 2)


def canonical(lengths):
    """Code as text of 0 and 1 -> symbol."""
    codes, code = {}, 0
    for length in range(1, 16):
        for symbol, own in enumerate(lengths):
            if own == length:
                codes[f'{code:0{length}b}'] = symbol
                code += 1
        code *= 2
    return codes


def decode(codes, text, at):
    """The symbol whose code stands at `at`, and where it ends; None if no whole code does."""
    for end in range(at + 1, min(at + 15, len(text)) + 1):
        if text[at:end] in codes:
            return codes[text[at:end]], end
    return None, at


def read_context(bits, symbols):
    table, children = bits.number(8), {}
    if bits.number(1):
        present = bits.take(symbols)
        children = {symbol: read_context(bits, symbols) for symbol in range(symbols) if present[symbol] == '1'}
    return table, children


def read_endings(octets, count):
    endings, path, at = [], {}, 0
    for _ in range(count):
        length, depth = octets[at] & 63, octets[at + 1] >> 4
        name = octets[at + 2:at + 2 + length].decode()
        name = name + '.' + path[depth - 1] if depth else name
        path[depth] = name
        endings.append((name, octets[at + 1] & 15, octets[at] >> 6 & 1, octets[at] >> 7))
        at += 2 + length
    return endings


def read(image):
    """All entries: name -> include_subdomains."""
    def number(at, octets):
        return int.from_bytes(image[at:at + octets], 'little')
    names, tables, bucket_bits, unit, symbols = number(76, 4), number(96, 2), image[98], image[99], image[100]
    sizes = [image[101] + 1, symbols, number(90, 2), (tables * symbols + 1) // 2, 32, (number(84, 4) + 7) // 8,
             (names + 2**bucket_bits + 7) // 8, names, (number(80, 4) + 7) // 8]
    sections, at = [], 116
    for size in sizes:
        sections.append(image[at:at + size])
        at += size
    assert at + 8 == len(image) == number(12, 4), 'the sections do not fill the image'
    _, alphabet, endings, nibbles, lengths, contexts, bitmap, heads, tails = sections
    endings = read_endings(endings, number(88, 2))
    ending_codes = canonical([ending[1] for ending in endings])
    nibbles = Bits(nibbles)
    codes = [canonical([nibbles.number(4) for _ in range(symbols)]) for _ in range(tables)]
    tail_codes = canonical([lengths[i // 2] >> (0 if i % 2 else 4) & 15 for i in range(64)])
    root, tails, bucket, place = read_context(Bits(contexts), symbols), Bits(tails), 0, 0
    entries = {name: bool(include) for name, _, listed, include in endings if listed}
    for rank in range(names):
        while not bitmap[place // 8] >> place % 8 & 1:
            bucket, place = bucket + 1, place + 1
        place += 1
        units, tails.at = decode(tail_codes, tails.text, tails.at)
        include = True
        if units == 63:
            units, include = tails.number(11), tails.number(1) == 1
        code = (f'{bucket:0{bucket_bits}b}' if bucket_bits else '') + f'{heads[rank]:08b}' + tails.take(units * unit)
        ending, at = decode(ending_codes, code, 0)
        name, history = '', [0, 0, 0]
        while True:
            table, children = root
            for symbol in history:
                if symbol not in children:
                    break
                table, children = children[symbol]
            symbol, at = decode(codes[table], code, at)
            if symbol is None:
                break
            name, history = chr(alphabet[symbol]) + name, [symbol] + history[:2]
        entries[name.lstrip('.') + '.' + endings[ending][0]] = include
    assert len(entries) == number(72, 4), 'another number of names than stated'
    return entries


def main():
    """Of the header of golden octets: the entries must be those that stand beside them. Of an image: prints its entries."""
    path = sys.argv[1]
    if not path.endswith('.h'):
        with open(path, 'rb') as file:
            for name, include in sorted(read(file.read()).items()):
                print(f'{name}\t{int(include)}')
        return
    with open(path, encoding='utf-8') as file:
        source = file.read()
    expected = {name: flag == 'true' for name, flag in re.findall(r'\{"([^"]+)", (true|false)\}', source)}
    got = read(bytes(int(octet, 16) for octet in re.findall(r'0x([0-9a-f]{2})\b', source)))
    assert got == expected and len(got) > 10, f'got {got}, expected {expected}'
    print(f'{len(got)} entries')


main()
