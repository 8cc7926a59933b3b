/*
 * stores/row.h: what a program does with a row of its store.
 */
#ifndef STORES_ROW_H
#define STORES_ROW_H

#include "facts/stores.h"

/* True if the row enforces at `now`. */
bool stores_enforces(const hf_row *row, int64_t now);

/* The row as it is shown; `kind` is that of its store. */
facts_store_row stores_row(const hf_row *row, const char *kind, int64_t now);

#endif
