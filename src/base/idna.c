#include "base/idna.h"

#include "base/punycode.h"
#include "base/utf8.h"

#include <idn2.h>
#include <stdio.h>
#include <string.h>

#define FLAGS (IDN2_NONTRANSITIONAL | IDN2_NO_ALABEL_ROUNDTRIP)

/* True if `label` holds `c` or its full-width form, which UTS 46 maps to it. */
static bool has_character(const char *label, char c)
{
    char wide[5] = {0};

    base_utf8_encode(0xff01 + (uint32_t)(c - '!'), wide);
    return strchr(label, c) != NULL || strstr(label, wide) != NULL;
}

/* Writes `label` with every hyphen, and what UTS 46 maps to one, as `stand_in`. It never grows. */
static void replace_hyphens(const char *label, char stand_in, char *out)
{
    while (*label != '\0') {
        if (strncmp(label, "\xef\xb9\xa3", 3) == 0 || strncmp(label, "\xef\xbc\x8d", 3) == 0) { /* U+FE63, U+FF0D */
            *out++ = stand_in;
            label += 3;
        } else {
            *out = *label;
            if (*label == '-')
                *out = stand_in;
            out++;
            label++;
        }
    }
    *out = '\0';
}

/* Puts the hyphens back. Punycode writes ASCII as it is, and its digits hold no stand-in, so that nothing else changes. */
static void restore_hyphens(char *label, char stand_in)
{
    for (; *label != '\0'; label++) {
        if (*label == stand_in)
            *label = '-';
    }
}

/*
 * libidn2 refuses hyphens in front, at the end and in places 3 and 4; browsers do not (UTS 46 with CheckHyphens=false). So that
 * it judges everything else, it is shown another character with the same part in the bidi rule. A label that begins with
 * "xn--" without being Punycode stays refused, as UTS 46 asks.
 */
static uint8_t *convert_hyphens(const char *label)
{
    static const char stand_ins[] = "_+~!";
    char shown[HF_HOST_TEXT_MAX + 1], prefix[5];
    uint8_t *out = NULL;
    const char *c;

    for (c = stand_ins; *c != '\0' && has_character(label, *c); c++)
        ;
    if (*c == '\0')
        return NULL;
    replace_hyphens(label, *c, shown);
    if (idn2_lookup_u8((const uint8_t *)shown, &out, FLAGS) != IDN2_OK)
        return NULL;
    snprintf(prefix, sizeof prefix, "xn%c%c", *c, *c);
    if (strncmp((char *)out + (strncmp((char *)out, "xn--", 4) == 0 ? 4 : 0), prefix, 4) == 0) {
        idn2_free(out);
        return NULL;
    }
    restore_hyphens((char *)out, *c);
    return out;
}

/* libidn2's answer to `label`, NUL-terminated; free it with idn2_free. NULL: not allowed. */
static uint8_t *convert(const char *label)
{
    uint8_t *out = NULL;
    int status = idn2_lookup_u8((const uint8_t *)label, &out, FLAGS);
    if (status == IDN2_HYPHEN_STARTEND || status == IDN2_2HYPHEN)
        out = convert_hyphens(label);
    return out;
}

/* -- symbols ------------------------------------------------------------------------------------------------------------------ */

/*
 * Symbols and emoji are not of IDNA 2008, and libidn2 refuses them; UTS 46 allows those below, and browsers open names made of
 * them. None is mapped to another, none combines, and all are neutral in the bidi rule, so that a label may be cut at them, and
 * what stands between be converted by itself.
 */
static bool is_symbol(uint32_t point)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        {0x2190, 0x222b},   {0x2231, 0x225f},   {0x2261, 0x226d},   {0x2270, 0x2328},   {0x232b, 0x2429},
        {0x2440, 0x244a},   {0x24eb, 0x2a0b},   {0x2a0d, 0x2a73},   {0x2a77, 0x2adb},   {0x2add, 0x2b73},
        {0x2b76, 0x2bff},   {0x1f000, 0x1f02b}, {0x1f030, 0x1f093}, {0x1f0a0, 0x1f0ae}, {0x1f0b1, 0x1f0bf},
        {0x1f0c1, 0x1f0cf}, {0x1f0d1, 0x1f0f5}, {0x1f150, 0x1f169}, {0x1f170, 0x1f18f}, {0x1f191, 0x1f1ad},
        {0x1f1e6, 0x1f1ff}, {0x1f260, 0x1f265}, {0x1f300, 0x1f6d8}, {0x1f6dc, 0x1f6ec}, {0x1f6f0, 0x1f6fc},
        {0x1f700, 0x1f7d9}, {0x1f7e0, 0x1f7eb}, {0x1f7f0, 0x1f7f0}, {0x1f900, 0x1fa57}, {0x1fa60, 0x1fa6d},
        {0x1fa70, 0x1fa7c}, {0x1fa80, 0x1fa8a}, {0x1fa8e, 0x1fac6}, {0x1fac8, 0x1fac8}, {0x1facd, 0x1fadc},
        {0x1fadf, 0x1faea}, {0x1faef, 0x1faf8},
    };
    size_t i;

    for (i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        if (point >= ranges[i].first && point <= ranges[i].last)
            return true;
    }
    return false;
}

typedef struct points {
    uint32_t items[BASE_PUNYCODE_MAX];
    size_t count;
} points;

static bool add_point(points *p, uint32_t point)
{
    if (p->count == BASE_PUNYCODE_MAX)
        return false;
    p->items[p->count++] = point;
    return true;
}

/*
 * Adds UTF-8 text. False for a dot, which makes two labels of one, and for a script that runs from right to left: the bidi rule
 * would have to see the whole label.
 */
static bool add_text(points *p, const char *text)
{
    size_t left = strlen(text);

    while (left > 0) {
        uint32_t point;
        size_t taken = base_utf8_decode(text, left, &point);
        if (taken == 0 || point == '.' || (point >= 0x590 && point <= 0x8ff) || (point >= 0xfb1d && point <= 0xfeff) ||
            (point >= 0x10800 && point <= 0x10fff) || (point >= 0x1e800 && point <= 0x1efff) || !add_point(p, point))
            return false;
        text += taken;
        left -= taken;
    }
    return true;
}

/* Adds what stands between two symbols, mapped as UTS 46 asks. */
static bool add_piece(points *p, const char *text, size_t length)
{
    char piece[HF_HOST_TEXT_MAX + 1], *decoded = NULL;
    uint8_t *ascii;
    bool added;

    if (length == 0)
        return true;
    memcpy(piece, text, length);
    piece[length] = '\0';
    ascii = convert(piece);
    if (ascii == NULL)
        return false;
    /* As it stands in the label a piece is no A-label, whatever it begins with; its own A-label is decoded again. */
    if (strncmp((char *)ascii, "xn--", 4) != 0)
        added = add_text(p, (char *)ascii);
    else
        added = idn2_to_unicode_8z8z((char *)ascii, &decoded, 0) == IDN2_OK && add_text(p, decoded);
    idn2_free(decoded);
    idn2_free(ascii);
    return added;
}

/* A label that holds at least one symbol. False for any other. */
static bool convert_symbols(const char *label, char *out, size_t capacity, size_t *out_length)
{
    size_t length = strlen(label), piece = 0, at = 0;
    points p = {.count = 0};
    bool found = false;

    while (at < length) {
        uint32_t point;
        size_t taken = base_utf8_decode(label + at, length - at, &point);
        if (taken == 0)
            return false;
        if (is_symbol(point)) {
            found = true;
            if (!add_piece(&p, label + piece, at - piece) || !add_point(&p, point))
                return false;
            piece = at + taken;
        }
        at += taken;
    }
    if (!found || !add_piece(&p, label + piece, length - piece) || capacity < 4)
        return false;
    if (p.count >= 4 && p.items[0] == 'x' && p.items[1] == 'n' && p.items[2] == '-' && p.items[3] == '-')
        return false;
    if (!base_punycode_encode(p.items, p.count, out + 4, capacity - 4, out_length))
        return false;
    memcpy(out, "xn--", 4);
    *out_length += 4;
    return true;
}

/* -- the hook ----------------------------------------------------------------------------------------------------------------- */

static bool to_ascii(void *self, const char *label, size_t length, char *out, size_t capacity, size_t *out_length)
{
    char text[HF_HOST_TEXT_MAX + 1];
    uint8_t *converted;
    bool fits;

    (void)self;
    if (length > HF_HOST_TEXT_MAX || memchr(label, '\0', length) != NULL)
        return false;
    memcpy(text, label, length);
    text[length] = '\0';
    converted = convert(text);
    if (converted == NULL)
        return convert_symbols(text, out, capacity, out_length);
    *out_length = strlen((char *)converted);
    /* One label goes in, and one must come out: U+2024 and its like map to a dot. */
    fits = *out_length <= capacity && strchr((char *)converted, '.') == NULL;
    if (fits)
        memcpy(out, converted, *out_length);
    idn2_free(converted);
    return fits;
}

const hf_idna *base_idna(void)
{
    static const hf_idna hook = {to_ascii, NULL};
    return &hook;
}
