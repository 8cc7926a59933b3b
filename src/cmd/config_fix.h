/* cmd/config_fix.h: the edits that mend findings, shown as a diff or written into the files. */
#ifndef CMD_CONFIG_FIX_H
#define CMD_CONFIG_FIX_H

#include "base/term.h"
#include "config/patch.h"
#include "report/lint.h"

/*
 * Prints what would be changed, on standard output: on a terminal escaped and in colour, else octet for octet, as patch
 * needs it. False, with the reason.
 */
bool cmd_config_diff(const config_patches *patches, base_color color, base_error *error);

/*
 * Writes each file anew, with its mode and owner, beside a backup: ".NAME.orig", or ".NAME.orig.2" and so on where
 * there is one. Hidden, for a server that includes every file of the folder must not read it. A file that is not as it
 * was read is not written. `mended` has room for all of them; *count of them were written, also where it returns false,
 * with the reason.
 */
bool cmd_config_fix(const config_patches *patches, base_arena *arena, report_lint_mended *mended, size_t *count,
                    base_error *error);

#endif
