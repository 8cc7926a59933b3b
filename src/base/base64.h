/*
 * base/base64.h: octets as text (RFC 4648 4).
 */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "base/buffer.h"

/* With padding, without line feeds. */
void base_base64_write(const void *octets, size_t length, base_buffer *out);

#endif
