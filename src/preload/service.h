/*
 * preload/service.h: the service behind the preload list (hstspreload.org), asked by its API, version 2. It is a third
 * party: nothing is sent to it unless a person has asked for that.
 */
#ifndef PRELOAD_SERVICE_H
#define PRELOAD_SERVICE_H

#include "base/error.h"
#include "base/memory.h"
#include "base/options.h"
#include "facts/eligibility.h"
#include "facts/submission.h"

#define PRELOAD_SERVICE_URL "https://hstspreload.org"

typedef struct preload_service {
    const char *url;              /* NULL: PRELOAD_SERVICE_URL; http is taken from this very machine alone */
    const char *cafile;           /* NULL: the system's certificates */
    const base_texts *connect_to; /* as curl has it; NULL: none */
} preload_service;

/*
 * What it says of submission->host, which is set. False, with the reason: it could not be asked, or its answer is not
 * one. Strings lie in the arena.
 */
bool preload_service_status(const preload_service *service, base_arena *arena, facts_submission *submission,
                            base_error *error);

typedef enum preload_request { PRELOAD_SUBMIT, PRELOAD_REMOVE } preload_request;

/* Submits answer->host, or asks for its removal; the issues that the service found are in *answer. False as above. */
bool preload_service_send(const preload_service *service, preload_request request, base_arena *arena,
                          facts_eligibility *answer, base_error *error);

#endif
