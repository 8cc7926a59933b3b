/*
 * net/download.h: one document of the web, fetched whole. https alone, and redirects to https alone; http only from this very machine.
 */
#ifndef NET_DOWNLOAD_H
#define NET_DOWNLOAD_H

#include "base/buffer.h"
#include "base/options.h"

#include <stdint.h>

#define NET_DOWNLOAD_TAG_MAX 256

typedef struct net_download {
    /* What is asked for. */
    const char *url;
    char tag[NET_DOWNLOAD_TAG_MAX]; /* the ETag of what is at hand already, or empty; afterwards that of the answer */
    base_buffer *body;              /* its maximum bounds the answer */
    const char *cafile;             /* trusted instead of the system's certificates (PEM); NULL: the system's */
    const base_texts *connect_to;   /* rules as curl's --connect-to has them; NULL: none */
    /* What came. */
    bool unchanged;   /* the server has nothing newer than `tag`; the body is empty */
    int64_t modified; /* Last-Modified; HF_TIME_UNKNOWN: the server does not say */
} net_download;

/* False with the reason. Takes five minutes at most. */
bool net_download_run(net_download *download, base_error *error);

#endif
