/* A line of a list of hosts: what is read is a canonical host and a port, and its own spelling is read as the same. */
#include "batch/targets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool condition)
{
    if (!condition)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    batch_target target, again;
    base_error error;
    char text[HF_HOST_MAX + 16], json[HF_HOST_MAX + 48];

    /* As the list gives it: not empty, no line feed, not too long. */
    if (size == 0 || size > BATCH_TARGET_LINE_MAX || memchr(data, '\n', size) != NULL ||
        !batch_target_read((const char *)data, size, &target, &error))
        return 0;
    check(target.port >= 1 && target.port <= 65535 && target.host.length == strlen(target.host.name));
    /* These may begin a name, which then can be written as a JSON string alone. */
    if (*target.host.name == '"' || *target.host.name == '{')
        return 0;
    snprintf(text, sizeof text, target.host.kind == HF_HOST_IPV6 ? "[%s]:%d" : "%s:%d", target.host.name, target.port);
    check(batch_target_read(text, strlen(text), &again, &error));
    check(again.port == target.port && strcmp(again.host.name, target.host.name) == 0);
    if (strpbrk(target.host.name, "\"\\") != NULL)
        return 0;
    snprintf(json, sizeof json, "{\"port\":%d,\"host\":\"%s\"}", target.port, target.host.name);
    check(batch_target_read(json, strlen(json), &again, &error));
    check(again.port == target.port && strcmp(again.host.name, target.host.name) == 0);
    return 0;
}
