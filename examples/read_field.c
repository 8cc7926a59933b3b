/* Reads the value of a Strict-Transport-Security field and says what is peculiar about it. */
#include <holdfast/holdfast.h>
#include <inttypes.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    const char *value = argc > 1 ? argv[1] : "max-age=\"63072000\"; include SubDomains; preload;";
    hf_note items[8];
    hf_notes notes = {items, 8, 0};
    hf_policy policy;

    if (hf_header_parse(value, strlen(value), &policy, &notes))
        printf("valid: max-age %" PRId64 "%s\n", policy.max_age, policy.include_subdomains ? ", with subdomains" : "");
    else
        printf("void: a user agent ignores this field\n");
    for (size_t i = 0; i < notes.count && i < notes.capacity; i++)
        printf("%s, %zu octets at %zu: %s\n", hf_severity_name(hf_note_severity(items[i].id)), items[i].length,
               items[i].offset, hf_note_message(items[i].id));
    return 0;
}
