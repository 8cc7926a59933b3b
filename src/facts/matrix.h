/*
 * facts/matrix.h: which response of which server carries which HSTS header, as a configuration predicts it.
 * Everything is borrowed from whoever made it.
 */
#ifndef FACTS_MATRIX_H
#define FACTS_MATRIX_H

#include <stdbool.h>
#include <stddef.h>

/* How a response comes about. symbol, name. The names are stable. */
#define FACTS_MATRIX_BY_MAP(X)                                                                                         \
    X(CONTENT, "content")         /* the location answers: a file, return, the application */                          \
    X(ERROR_PAGE, "error-page")   /* the server's own error page */                                                    \
    X(INTERNAL, "internal")       /* before a location was found: 400, 414, 494 to 497 */                              \
    X(APPLICATION, "application") /* as the application behind sends it */                                             \
    X(NOTHING, "nothing")         /* the connection is closed without a response */

typedef enum facts_matrix_by {
#define FACTS_X(symbol, name) FACTS_MATRIX_BY_##symbol,
    FACTS_MATRIX_BY_MAP(FACTS_X)
#undef FACTS_X
} facts_matrix_by;

const char *facts_matrix_by_name(facts_matrix_by by);

/* A header line that is sent. */
typedef struct facts_matrix_field {
    const char *name, *value; /* value NULL: it is decided when the request comes */
    const char *file;         /* where it is set */
    size_t line;
} facts_matrix_field;

typedef struct facts_matrix_cell {
    /* What happens, by the server's own number: 404 nothing is there, 494 a header is too large. */
    int cause;
    int status; /* as the client sees it; 0: the application says */
    facts_matrix_by by;
    const facts_matrix_field *fields; /* those that the server adds */
    size_t field_count;
    bool from_application; /* the application sends the cause; else the server finds it */
    bool application_too;  /* the application's own HSTS header, if it sends one, is sent besides */
    bool sure;             /* false: it depends on what the configuration does not say; `why` tells */
    const char *why;       /* NULL: sure */
    const char *answers;   /* the location that ends up answering, where it is another one: "@fallback" */
} facts_matrix_cell;

/* A location of a server, over one scheme. */
typedef struct facts_matrix_row {
    const char *location; /* "/", "~ \\.php$", "@fallback"; NULL: the server itself, where no location is found */
    bool tls;
    const char *file; /* where the location is; NULL: nowhere */
    size_t line;
    const facts_matrix_cell *cells;
    size_t cell_count;
    const char *path;    /* one that is surely answered here; NULL: none is known */
    const char *missing; /* the same, where nothing is expected to be */
} facts_matrix_row;

typedef struct facts_matrix_server {
    const char *name; /* its first name; "" if it has none */
    const char *const *names;
    size_t name_count;
    const char *const *listens; /* "*:443 ssl" */
    size_t listen_count;
    bool tls, plain;
    int tls_port, plain_port; /* of the first listener of the kind; 0: none */
    const char *file;
    size_t line;
    const facts_matrix_row *rows;
    size_t row_count;
} facts_matrix_server;

typedef struct facts_matrix {
    const facts_matrix_server *servers;
    size_t server_count;
    const char *const *notes; /* what the prediction could not take into account */
    size_t note_count;
} facts_matrix;

#endif
