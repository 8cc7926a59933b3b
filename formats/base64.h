/* The base64 of one SHA-256, with its padding: 44 octets. */
#ifndef FORMATS_BASE64_H
#define FORMATS_BASE64_H

#include "holdfast/formats.h"

#define HF__BASE64_MAX 44

/* False unless it is exactly the text of 32 octets. */
bool hf__base64_read(hf_span text, unsigned char hash[32]);
void hf__base64_print(const unsigned char hash[32], char out[HF__BASE64_MAX]);

#endif
