#include "base64.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static int value_of(char c)
{
    const char *at = c != '\0' ? strchr(alphabet, c) : NULL;

    return at != NULL ? (int)(at - alphabet) : -1;
}

bool hf__base64_read(hf_span text, unsigned char hash[32])
{
    uint32_t bits = 0;
    unsigned have = 0;
    size_t written = 0;

    if (text.length != HF__BASE64_MAX || text.data[HF__BASE64_MAX - 1] != '=')
        return false;
    for (size_t i = 0; i < HF__BASE64_MAX - 1; i++) {
        int value = value_of(text.data[i]);
        if (value < 0)
            return false;
        bits = bits << 6 | (uint32_t)value;
        have += 6;
        if (have >= 8) {
            have -= 8;
            hash[written++] = (unsigned char)(bits >> have);
        }
    }
    return (bits & 3) == 0;
}

void hf__base64_print(const unsigned char hash[32], char out[HF__BASE64_MAX])
{
    uint32_t bits = 0;
    unsigned have = 0;
    size_t written = 0;

    for (size_t i = 0; i < 32; i++) {
        bits = bits << 8 | hash[i];
        for (have += 8; have >= 6; have -= 6)
            out[written++] = alphabet[bits >> (have - 6) & 63];
    }
    out[written++] = alphabet[bits << (6 - have) & 63];
    out[written] = '=';
}
