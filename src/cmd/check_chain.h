/*
 * cmd/check_chain.h: the options --fetch-aia and --write-chain of check: the chain that should be sent is found, and
 * written.
 */
#ifndef CMD_CHECK_CHAIN_H
#define CMD_CHECK_CHAIN_H

#include "base/claims.h"
#include "facts/mended.h"
#include "http/transport.h"

typedef struct cmd_chain_options {
    bool fetch;        /* certificates that are missing are asked for */
    const char *write; /* the file for the chain; NULL: none */
} cmd_chain_options;

bool cmd_chain_is_wanted(const cmd_chain_options *options);

/* Claims the file that is to be written. */
bool cmd_chain_claim(const cmd_chain_options *options, base_claims *claims, base_error *error);

/* For what was seen, or lies in a file: a chain in place of `sent`, for `host` (NULL: for any name). */
typedef struct cmd_chain_asking {
    const cmd_chain_options *options;
    const http_transport *wire;
    int64_t now;
    const hf_host *host;
    const facts_tls *sent;
} cmd_chain_asking;

/* Fills in *mended, and writes the file, if that is asked for and every browser would accept the chain: otherwise
 * mended->why says what is in the way, and so does standard error. False, with the reason: the file cannot be written.
 */
bool cmd_chain_mend(const cmd_chain_asking *asking, base_arena *arena, facts_mended *mended, base_error *error);

/* The exit code, which is `code` unless the chain was to be written and was not: then somebody who goes on without it
 * must not take this for success. */
int cmd_chain_exit(const cmd_chain_options *options, const facts_mended *mended, int code);

#endif
