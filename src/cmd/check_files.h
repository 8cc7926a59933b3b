/*
 * cmd/check_files.h: check --chain FILE [--key FILE] [--for NAME]...: files are judged before they are served.
 */
#ifndef CMD_CHECK_FILES_H
#define CMD_CHECK_FILES_H

#include "base/options.h"
#include "cmd/check_chain.h"
#include "cmd/command.h"
#include "cmd/fail_on.h"
#include "facts/warn_before.h"

typedef struct cmd_check_files_options {
    base_texts chains, keys, names;
} cmd_check_files_options;

typedef struct cmd_check_files_run {
    const cmd_check_files_options *options;
    const cmd_common *common;
    const http_transport_options *wire;
    const cmd_chain_options *chain;
    bool json;
    const cmd_fail_on *fail_on;
    facts_warn_before warn_before;
} cmd_check_files_run;

/* Returns the exit code. */
int cmd_check_files(const cmd_check_files_run *run);

#endif
