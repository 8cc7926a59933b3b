/*
 * preload/debian.h: the copy of Firefox's list that Debian's package mediawiki carries (domains.php of its
 * SecureLinkFixer), for where only Debian's archive can be reached: the installed file, else the package, which apt-get
 * brings and checks as it does any other.
 */
#ifndef PRELOAD_DEBIAN_H
#define PRELOAD_DEBIAN_H

#include "base/buffer.h"

#define PRELOAD_DEBIAN_PACKAGE "mediawiki"
#define PRELOAD_DEBIAN_TAG_MAX 512

typedef struct preload_debian {
    /* What is asked for. */
    const char *root; /* the folder that holds usr/share: "" on any system; tests have one of their own */
    bool offline;     /* the installed file alone */
    char tag[PRELOAD_DEBIAN_TAG_MAX]; /* of the package that is at hand already, or empty; afterwards that of the answer
                                       */
    base_buffer *text;                /* gets the list; its maximum bounds it */
    /* What came. */
    bool unchanged;   /* the archive has no other package than that of `tag`; the text is empty */
    char origin[512]; /* for people: the file, or the package and where it came from */
} preload_debian;

/* False with the reason. Takes ten minutes at most, and leaves no file behind. */
bool preload_debian_get(preload_debian *debian, base_error *error);

#endif
