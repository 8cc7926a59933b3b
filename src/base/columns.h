/*
 * base/columns.h: how wide a character is on a terminal, whatever the locale.
 */
#ifndef BASE_COLUMNS_H
#define BASE_COLUMNS_H

#include <stddef.h>
#include <stdint.h>

/* 0 for a mark that is put on the character in front of it, 2 for a wide one, else 1. */
size_t base_columns_of(uint32_t point);
/* Of a text in UTF-8 without controls. */
size_t base_columns(const char *text, size_t length);

#endif
