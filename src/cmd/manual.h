/*
 * cmd/manual.h: the manual pages of this very version, inside the program. manual.c is made from the files of man/ by
 * the build.
 */
#ifndef CMD_MANUAL_H
#define CMD_MANUAL_H

#include <stddef.h>

typedef struct cmd_page {
    const char *name; /* "holdfast-header" */
    const unsigned char *text;
    size_t length;
} cmd_page;

/* Ends with a page whose name is NULL. */
extern const cmd_page cmd_pages[];

#endif
