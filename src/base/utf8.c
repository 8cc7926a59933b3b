#include "base/utf8.h"

/* The length that a lead octet announces, with the least code point of that length; 0 for an octet that leads nothing.
 */
static size_t lead_length(unsigned char lead, uint32_t *least)
{
    if (lead >= 0xc2 && lead <= 0xdf) {
        *least = 0x80;
        return 2;
    }
    if (lead >= 0xe0 && lead <= 0xef) {
        *least = 0x800;
        return 3;
    }
    *least = 0x10000;
    return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
}

size_t base_utf8_decode(const char *text, size_t length, uint32_t *point)
{
    unsigned char lead = (unsigned char)text[0];
    uint32_t value, least;
    size_t need, i;

    if (lead < 0x80) {
        *point = lead;
        return 1;
    }
    need = lead_length(lead, &least);
    if (need == 0 || need > length)
        return 0;
    value = lead & (0xffu >> (need + 1));
    for (i = 1; i < need; i++) {
        unsigned char c = (unsigned char)text[i];
        if ((c & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (c & 0x3f);
    }
    if (value < least || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
        return 0;
    *point = value;
    return need;
}

size_t base_utf8_encode(uint32_t point, char out[4])
{
    if (point < 0x80) {
        out[0] = (char)point;
        return 1;
    }
    if (point < 0x800) {
        out[0] = (char)(0xc0 | point >> 6);
        out[1] = (char)(0x80 | (point & 0x3f));
        return 2;
    }
    if (point < 0x10000) {
        out[0] = (char)(0xe0 | point >> 12);
        out[1] = (char)(0x80 | (point >> 6 & 0x3f));
        out[2] = (char)(0x80 | (point & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | point >> 18);
    out[1] = (char)(0x80 | (point >> 12 & 0x3f));
    out[2] = (char)(0x80 | (point >> 6 & 0x3f));
    out[3] = (char)(0x80 | (point & 0x3f));
    return 4;
}

size_t base_utf8_count(const char *text, size_t length)
{
    size_t at = 0, count = 0;

    while (at < length) {
        uint32_t point;
        size_t taken = base_utf8_decode(text + at, length - at, &point);
        at += taken > 0 ? taken : 1;
        count++;
    }
    return count;
}
