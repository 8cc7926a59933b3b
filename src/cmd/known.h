/*
 * cmd/known.h: the Known HSTS Hosts that --known FILE names, for asking what would be if these responses had been seen.
 *
 * One response a line, in order: HOST [@TIME] FIELD-VALUE. TIME (RFC 3339 or Unix seconds) is when it was seen; without
 * it, now. Empty lines and lines that begin with # are passed over. Every response is taken as sent over TLS without
 * errors.
 */
#ifndef CMD_KNOWN_H
#define CMD_KNOWN_H

#include "base/error.h"
#include "holdfast/hosts.h"

typedef struct cmd_known_settings {
    const char *path; /* NULL: nothing is known; "-": standard input */
    int64_t now;
    bool enforce_localhost;
    int64_t life_max; /* seconds for which a policy is held at most */
    bool quiet;       /* say nothing of responses that are ignored by a rule */
} cmd_known_settings;

/* False, with the file, the line and the reason in *error, if a line is malformed. Free *hosts with hf_hosts_free. */
bool cmd_known_load(const cmd_known_settings *settings, hf_hosts **hosts, base_error *error);

#endif
