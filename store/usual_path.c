/*
 * The usual path, from the environment.
 */
#include "holdfast/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/*
 * A program that runs with more rights than its caller (set-user-ID, capabilities) does not let the caller's
 * environment say where it writes. Where libc cannot tell, different user or group IDs do.
 */
static const char *variable(const char *name)
{
#if defined(__linux__)
    return secure_getenv(name);
#else
    return geteuid() == getuid() && getegid() == getgid() ? getenv(name) : NULL;
#endif
}

hf_status hf_store_default_path(char *path, size_t size)
{
    const char *data = variable("XDG_DATA_HOME"), *home = variable("HOME");
    int length;

    if (path == NULL)
        return HF_E_ARGUMENT;
    if (data != NULL && data[0] == '/')
        length = snprintf(path, size, "%s/holdfast/known-hosts", data);
    else if (home != NULL && home[0] == '/')
        length = snprintf(path, size, "%s/.local/share/holdfast/known-hosts", home);
    else
        return HF_E_STORE_NO_HOME;
    return length < 0 || (size_t)length >= size ? HF_E_BUFFER : HF_OK;
}
