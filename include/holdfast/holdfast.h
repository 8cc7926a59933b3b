/*
 * holdfast/holdfast.h: all of libholdfast, the HSTS engine (RFC 6797).
 *
 * A client needs five calls: hf_url_parse and hf_decide_url before a request, hf_url_upgrade when the verdict says so,
 * hf_hosts_note_fields after a response, and the verdict's tls_errors_fatal when the handshake fails. examples/ has each of them
 * in a short complete program.
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
