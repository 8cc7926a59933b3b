#include "base/idna.h"

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

static bool to_ascii(void *self, const char *label, size_t length, char *out, size_t capacity, size_t *out_length)
{
    char text[HF_HOST_TEXT_MAX + 1];
    uint8_t *converted = NULL;
    bool fits;
    int status;

    (void)self;
    if (length > HF_HOST_TEXT_MAX || memchr(label, '\0', length) != NULL)
        return false;
    memcpy(text, label, length);
    text[length] = '\0';
    status = idn2_lookup_u8((const uint8_t *)text, &converted, FLAGS);
    if (status == IDN2_HYPHEN_STARTEND || status == IDN2_2HYPHEN)
        converted = convert_hyphens(text);
    if (converted == NULL)
        return false;
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
