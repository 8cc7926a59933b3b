/*
 * findings/place.h: where a finding was made. Strings are borrowed, as in facts.
 */
#ifndef FINDINGS_PLACE_H
#define FINDINGS_PLACE_H

#include "base/buffer.h"
#include "facts/redirects.h"

/* symbol, name: the kinds of places. The names are stable. */
#define FINDING_AT_MAP(X)                                                                                              \
    X(SITE, "site")               /* the site as a whole */                                                            \
    X(URL, "url")                 /* one request */                                                                    \
    X(HOST, "host")               /* a host, whichever page or address */                                              \
    X(RECORD, "record")           /* a DNS record */                                                                   \
    X(ADDRESS, "address")         /* an address and port of a host */                                                  \
    X(FILE, "file")               /* a line of a file */                                                               \
    X(CERTIFICATE, "certificate") /* a certificate of a chain */

typedef enum finding_at {
#define FINDING_X(symbol, name) FINDING_AT_##symbol,
    FINDING_AT_MAP(FINDING_X)
#undef FINDING_X
} finding_at;

const char *finding_at_name(finding_at kind);

/* The line that includes a file. */
typedef struct finding_include {
    const char *file;
    size_t line;
} finding_include;

/* Of a kind that has no use for a member, the member is 0 or NULL. */
typedef struct finding_place {
    finding_at kind;
    const char *host; /* site, host; of url, address and certificate the host that was asked */
    int port;         /* address; of url and certificate the port that was asked */
    const char *url;  /* url; of certificate and address the request that showed it, NULL: none */
    size_t hop;       /* url: its number among the redirects, from 1 on; 0: it is not one of them */
    const char *address;
    const char *owner, *type;        /* record: "a.test", "CAA" */
    const char *file;                /* of certificate: where it comes from; NULL: from a server */
    size_t line, column, end_column; /* from 1 on; 0: not known. The end is the first column behind */
    const finding_include *includes; /* how the file came in, the innermost first */
    size_t include_count;
    /* certificate: its place among those sent, or in `file`, which is to be sent; 0 is the server's own; -1: it is one
       of the trust store */
    int sent;
    const char *subject; /* certificate */
} finding_place;

finding_place finding_at_site(const hf_host *host);
finding_place finding_at_hop(const facts_hop *hop, size_t number);
finding_place finding_at_host(const hf_host *host);
finding_place finding_at_record(const char *owner, const char *type);
/* `hop`: a request to the same host. */
finding_place finding_at_address(const facts_hop *hop, const char *address, int port);
finding_place finding_at_file(const char *file, size_t line, size_t column, size_t end_column);
/* `sent` and `subject` as above. */
finding_place finding_at_certificate(const facts_hop *hop, int sent, const char *subject);

/*
 * True if they are one place: the same fault there is reported once. A host that was asked for several pages is one
 * place, and so is a certificate that it shows with each.
 */
bool finding_place_is(const finding_place *a, const finding_place *b);

/* "at https://a.test/ (hop 2)", "nginx.conf:12:5", "CAA record of a.test", "address [::1]:443". */
void finding_place_text(const finding_place *place, base_buffer *out);

/* The member `key`: how the file came in, as an array of "file" and "line", the innermost first. */
void finding_includes_json(const finding_place *place, const char *key, base_json *json);

/* An object: docs/schema/check.schema.json, "place". */
void finding_place_json(const finding_place *place, base_json *json);

#endif
