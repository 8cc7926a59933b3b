#include "facts/location.h"

#include "base/ascii.h"

#include <string.h>

/* 300 and 304 are no redirects that browsers follow by themselves. */
static bool is_redirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

static bool is_location(const hf_field *field)
{
    return base_ascii_is(field->name.data, field->name.length, "location");
}

bool facts_location_is_empty(const facts_response *response)
{
    bool found = false;

    for (size_t i = 0; is_redirect(response->status) && i < response->count; i++) {
        if (!is_location(&response->fields[i]))
            continue;
        if (response->fields[i].value.length > 0)
            return false;
        found = true;
    }
    return found;
}

facts_location facts_location_of(const facts_response *response, const hf_span **location)
{
    const hf_span *first = NULL;

    for (size_t i = 0; is_redirect(response->status) && i < response->count; i++) {
        const hf_span *value = &response->fields[i].value;

        /* An empty Location is passed over: a page that stands under a redirect's status is shown all the same. */
        if (first == NULL && is_location(&response->fields[i]) && value->length > 0)
            first = value;
    }
    *location = first;
    return first != NULL ? FACTS_FOLLOW : FACTS_STAY;
}
