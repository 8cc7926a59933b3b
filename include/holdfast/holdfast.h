/*
 * holdfast/holdfast.h: all of libholdfast, the HSTS engine (RFC 6797).
 *
 * A client needs five calls: hf_url_parse and hf_decide_url before a request, then hf_url_upgrade if the verdict says
 * so and hf_url_write if not, which write the one URL to request; hf_hosts_note_fields after a response. When the
 * handshake fails, the verdict's tls_errors_fatal counts. examples/ has each of them in a short complete program.
 */
#ifndef HOLDFAST_HOLDFAST_H
#define HOLDFAST_HOLDFAST_H

#include "holdfast/alloc.h"
#include "holdfast/decide.h"
#include "holdfast/header.h"
#include "holdfast/host.h"
#include "holdfast/hosts.h"
#include "holdfast/preload.h"
#include "holdfast/status.h"
#include "holdfast/url.h"

#endif
