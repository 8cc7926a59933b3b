/*
 * http/download.h: one document of the web, fetched whole. https alone, and redirects to https alone; http only from
 * this very machine.
 */
#ifndef HTTP_DOWNLOAD_H
#define HTTP_DOWNLOAD_H

#include "base/buffer.h"
#include "base/options.h"

#include <stdint.h>

#define HTTP_DOWNLOAD_TAG_MAX 256

typedef struct http_download {
    /* What is asked for. */
    const char *url;
    char tag[HTTP_DOWNLOAD_TAG_MAX]; /* the ETag of what is at hand already, or empty; afterwards that of the answer */
    base_buffer *body;               /* its maximum bounds the answer */
    const char *cafile;              /* trusted instead of the system's certificates (PEM); NULL: the system's */
    const base_texts *connect_to;    /* rules as curl's --connect-to has them; NULL: none */
    /* What came. */
    bool unchanged;   /* the server has nothing newer than `tag`; the body is empty */
    int64_t modified; /* Last-Modified; HF_TIME_UNKNOWN: the server does not say */
} http_download;

/* False with the reason. Takes five minutes at most. */
bool http_download_run(http_download *download, base_error *error);

#endif
