/*
 * facts/warn_before.h: how long before a certificate ends its renewal is late. Pure; call from any thread.
 */
#ifndef FACTS_WARN_BEFORE_H
#define FACTS_WARN_BEFORE_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

/* All zero: 14 days, or a third of the certificate's life where that is shorter, for ACME clients renew when a third is
 * left; a certificate that lives for less than 10 days is renewed at half of its life. */
typedef struct facts_warn_before {
    int64_t seconds; /* 0: it is not a duration */
    int percent;     /* of the certificate's life; 0: it is not a share */
} facts_warn_before;

/* "14d", "33%". */
bool facts_warn_before_read(const char *text, facts_warn_before *before, base_error *error);

/*
 * True if what ends at `until` is late to be renewed at `now`, and not yet at its end. `from` and `to` are the life of
 * the server's own certificate, with which all that is above it in the path is renewed; HF_TIME_UNKNOWN: its share is
 * not known, and only days count.
 */
bool facts_warn_before_is_late(const facts_warn_before *before, int64_t from, int64_t to, int64_t until, int64_t now);

#endif
