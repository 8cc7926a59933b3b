#include "ip.h"

#include "ascii.h"

#include <stdint.h>
#include <string.h>

#define IPV6_GROUPS 8

/* -- IPv4 ---------------------------------------------------------------------------------------------------------- */

/*
 * One part of an IPv4 address: decimal, octal behind 0, hexadecimal behind 0x ("0x" alone is 0). False if it is no
 * number. Values too large for any address are held at 2^33, which every check refuses.
 */
static bool parse_number(const char *text, size_t length, uint64_t *number)
{
    unsigned base = 10;
    uint64_t sum = 0;

    if (length == 0)
        return false;
    if (length >= 2 && text[0] == '0' && hf__lower((unsigned char)text[1]) == 'x') {
        base = 16;
        text += 2;
        length -= 2;
    } else if (length >= 2 && text[0] == '0') {
        base = 8;
    }
    for (size_t i = 0; i < length; i++) {
        int digit = hf__hex_digit((unsigned char)text[i]);
        if (digit < 0 || digit >= (int)base)
            return false;
        sum = sum * base + (unsigned)digit;
        if (sum > UINT64_C(1) << 33)
            sum = UINT64_C(1) << 33;
    }
    *number = sum;
    return true;
}

static bool all_digits(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (!hf__is_digit((unsigned char)text[i]))
            return false;
    }
    return length > 0;
}

bool hf__ends_in_number(const char *name, size_t length)
{
    size_t start = length;
    uint64_t number;

    while (start > 0 && name[start - 1] != '.')
        start--;
    return all_digits(name + start, length - start) || parse_number(name + start, length - start, &number);
}

static size_t write_octet(char *out, unsigned octet)
{
    size_t length = 0;

    if (octet >= 100)
        out[length++] = (char)('0' + octet / 100);
    if (octet >= 10)
        out[length++] = (char)('0' + octet / 10 % 10);
    out[length++] = (char)('0' + octet % 10);
    return length;
}

static size_t write_ipv4(char *out, uint32_t address)
{
    size_t length = 0;

    for (int shift = 24; shift >= 0; shift -= 8) {
        length += write_octet(out + length, address >> shift & 0xff);
        if (shift > 0)
            out[length++] = '.';
    }
    out[length] = '\0';
    return length;
}

bool hf__ipv4_canonical(const char *text, size_t length, char out[HF__IPV4_TEXT_MAX], size_t *out_length)
{
    uint64_t parts[4], address = 0;
    size_t count = 0, start = 0;

    for (size_t i = 0; i <= length; i++) {
        if (i < length && text[i] != '.')
            continue;
        if (count == 4 || !parse_number(text + start, i - start, &parts[count++]))
            return false;
        start = i + 1;
    }
    for (size_t i = 0; i + 1 < count; i++) {
        if (parts[i] > 255)
            return false;
        address |= parts[i] << (24 - 8 * i);
    }
    /* The last part fills whatever the others leave: 127.1 is 127.0.0.1. */
    if (parts[count - 1] >= UINT64_C(1) << (8 * (5 - count)))
        return false;
    *out_length = write_ipv4(out, (uint32_t)(address | parts[count - 1]));
    return true;
}

/* -- IPv6 ---------------------------------------------------------------------------------------------------------- */

typedef struct ipv6 {
    uint16_t groups[IPV6_GROUPS];
    size_t count;    /* groups read so far */
    size_t compress; /* where "::" stood; IPV6_GROUPS + 1: nowhere */
} ipv6;

/* The dotted tail of ::ffff:1.2.3.4: strictly four decimal numbers without leading zeros. */
static bool read_dotted_tail(ipv6 *a, const char *text, size_t length)
{
    uint32_t address = 0;
    size_t i = 0;

    if (a->count > IPV6_GROUPS - 2)
        return false;
    for (int part = 0; part < 4; part++) {
        unsigned value = 0;
        size_t start = i;
        while (i < length && i - start < 3 && hf__is_digit((unsigned char)text[i]))
            value = value * 10 + (unsigned)(text[i++] - '0');
        if (i == start || value > 255 || (text[start] == '0' && i - start > 1))
            return false;
        if (part < 3 && (i == length || text[i++] != '.'))
            return false;
        address = address << 8 | value;
    }
    a->groups[a->count++] = (uint16_t)(address >> 16);
    a->groups[a->count++] = (uint16_t)address;
    return i == length;
}

/* One to four hexadecimal digits. Returns how many. */
static size_t read_group(const char *text, size_t length, uint16_t *group)
{
    size_t i = 0;
    unsigned value = 0;

    while (i < length && i < 4 && hf__hex_digit((unsigned char)text[i]) >= 0)
        value = value << 4 | (unsigned)hf__hex_digit((unsigned char)text[i++]);
    *group = (uint16_t)value;
    return i;
}

static bool read_groups(ipv6 *a, const char *text, size_t length)
{
    size_t i = 0;

    if (length >= 2 && text[0] == ':' && text[1] == ':') {
        a->compress = 0;
        i = 2;
    }
    while (i < length) {
        uint16_t group;
        size_t digits = read_group(text + i, length - i, &group);
        if (digits == 0 || a->count == IPV6_GROUPS)
            return false;
        if (i + digits < length && text[i + digits] == '.')
            return read_dotted_tail(a, text + i, length - i);
        a->groups[a->count++] = group;
        i += digits;
        if (i == length)
            return true;
        if (text[i++] != ':' || i == length)
            return false;
        if (text[i] == ':') {
            if (a->compress <= IPV6_GROUPS)
                return false;
            a->compress = a->count;
            i++;
        }
    }
    return true;
}

/* Moves what stands behind "::" to the end and fills the gap with zeros. */
static bool expand(ipv6 *a)
{
    if (a->compress > IPV6_GROUPS)
        return a->count == IPV6_GROUPS;
    if (a->count == IPV6_GROUPS)
        return false;
    size_t tail = a->count - a->compress;
    memmove(a->groups + IPV6_GROUPS - tail, a->groups + a->compress, tail * sizeof a->groups[0]);
    memset(a->groups + a->compress, 0, (IPV6_GROUPS - a->count) * sizeof a->groups[0]);
    return true;
}

/* RFC 5952 4.2: the longest run of two or more zero groups, the first of equal ones. */
static size_t longest_zeros(const uint16_t groups[IPV6_GROUPS], size_t *length)
{
    size_t best = 0;

    *length = 1;
    for (size_t i = 0; i < IPV6_GROUPS; i++) {
        size_t run = 0;
        while (i + run < IPV6_GROUPS && groups[i + run] == 0)
            run++;
        if (run > *length) {
            best = i;
            *length = run;
        }
    }
    if (*length < 2)
        *length = 0;
    return best;
}

static size_t write_group(char *out, unsigned group)
{
    static const char digits[] = "0123456789abcdef";
    size_t length = 0;

    for (int shift = 12; shift >= 0; shift -= 4) {
        if (group >> shift != 0 || shift == 0)
            out[length++] = digits[group >> shift & 0xf];
    }
    return length;
}

static size_t write_ipv6(char *out, const uint16_t groups[IPV6_GROUPS])
{
    size_t zeros, gap = longest_zeros(groups, &zeros), length = 0;

    for (size_t i = 0; i < IPV6_GROUPS; i++) {
        if (zeros > 0 && i == gap) {
            out[length++] = ':';
            if (i == 0)
                out[length++] = ':';
            i += zeros - 1;
            continue;
        }
        length += write_group(out + length, groups[i]);
        if (i + 1 < IPV6_GROUPS)
            out[length++] = ':';
    }
    out[length] = '\0';
    return length;
}

bool hf__ipv6_canonical(const char *text, size_t length, char out[HF__IPV6_TEXT_MAX], size_t *out_length)
{
    ipv6 address = {.compress = IPV6_GROUPS + 1};

    if (!read_groups(&address, text, length) || !expand(&address))
        return false;
    *out_length = write_ipv6(out, address.groups);
    return true;
}
