/*
 * base/operand.h: what somebody wrote where a host belongs, when it is something else: a URL, or the name of a file.
 */
#ifndef BASE_OPERAND_H
#define BASE_OPERAND_H

#include "base/error.h"
#include "holdfast/host.h"

#include <stdbool.h>

/* True if `text` is a URL, or a host with a port: `host` is the host that it names. */
bool base_operand_host(const char *text, char host[HF_HOST_MAX + 1]);

/* True if `text` stands for all names below another, as certificates have it: "*.example.com". */
bool base_operand_is_below(const char *text);

/*
 * False, with the reason, if `text` is rather a file than a host: it ends as files do and no top-level domain does
 * ("hosts.txt", whether it is there or not), or is the name of a file or folder and has no dot. With a dot at its end
 * or a port it is a host all the same. `lists` says where lists of hosts belong, in words that go behind "a list of
 * hosts".
 */
#define BASE_OPERAND_LISTS "is a file, or - for standard input"
bool base_operand_is_no_file(const char *text, const char *lists, base_error *error);

#endif
