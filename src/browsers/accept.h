/*
 * browsers/accept.h: what each browser takes and refuses of what a server sends, where browsers differ from each other,
 * from the RFCs, or from the libraries that Holdfast stands on. The rows are data: accept_*.txt, a file a subject, in
 * the form of causes.txt (cmake/causes.cmake). `none` means that a browser takes it. A row with a sign is a cause like
 * any other, and browsers_page_of_tls and its sisters find it; one without is known by its id alone. Its source says on
 * which versions it was measured, or that it is documented only: so are the rows of Safari, and those of public CAs,
 * which no test can use.
 */
#ifndef BROWSERS_ACCEPT_H
#define BROWSERS_ACCEPT_H

#include "browsers/causes.h"

#include "base/memory.h"

/* What becomes of the visitor. */
typedef enum browsers_taking {
    BROWSERS_TAKES,   /* the page is shown */
    BROWSERS_WARNS,   /* an error page; without HSTS the user can proceed */
    BROWSERS_REFUSES, /* an error page, and no way past it */
    BROWSERS_NOT_KNOWN,
} browsers_taking;

browsers_taking browsers_taking_of(const facts_shown *shown);

/* NULL: no row has the id. */
const browsers_cause *browsers_accept_find(const char *id);

/* Of those browsers of which it is known, for people: "Chrome refuses it (NET::ERR_CERT_INVALID), Firefox accepts it".
 * In the arena. */
const char *browsers_accept_text(const facts_shown shown[static FACTS_BROWSERS], base_arena *arena);

#endif
