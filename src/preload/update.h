/*
 * preload/update.h: brings a browser's list, and puts its image in the place of the old one; on any failure that
 * stays.
 *
 * Where the browser's own server cannot be reached, the copy of Firefox's list in Debian's package mediawiki is taken
 * (preload/debian.h).
 *
 * Beside the image lies NAME.img.tag: where what it was made of came from, its ETag, and the digest of the list; so
 * an unchanged list is not sent again. The digest says which image the tag belongs to: two updates at once may leave
 * the image of one and the tag of the other.
 */
#ifndef PRELOAD_UPDATE_H
#define PRELOAD_UPDATE_H

#include "base/options.h"
#include "preload/file.h"

#include <stdint.h>

typedef struct preload_update_options {
    const char *image;          /* where the image is to lie; NULL: at its usual place */
    const char *from;           /* a URL, a file or "debian"; NULL: the browser's own server */
    const char *list;           /* "chromium" or "firefox"; NULL: as `from` has it */
    const char *source;         /* of the image, as for `date` and `life`; NULL: as the list says */
    int64_t date, life;         /* HF_TIME_UNKNOWN: as the list says */
    const base_texts *canaries; /* preload/plausible.h; none given: the built-in ones */
    bool force;                 /* also a list that seems cut short or old */
    bool offline;
    bool quiet; /* no notes on standard error */
    const char *cafile;
    const base_texts *connect_to;
    int64_t now;
} preload_update_options;

typedef struct preload_updated {
    char path[PRELOAD_PATH_MAX]; /* of the image */
    bool unchanged;              /* the old list is the newest */
    bool is_newer;               /* the old list is newer than what came, and stays */
} preload_updated;

/* Returns BASE_EXIT_CLEAN, or another code of base/exit.h with the reason. */
int preload_update(const preload_update_options *options, preload_updated *updated, base_error *error);

#endif
