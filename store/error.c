#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "engine/sized.h"
#include "store.h"

hf_status hf__fail(hf_store_error *error, hf_status status, int system, const char *format, ...)
{
    if (error == NULL || error->size == 0)
        return status;
    hf_store_error ours = hf_store_error_init();
    ours.status = status;
    ours.system = system;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(ours.text, sizeof ours.text, format, arguments);
    va_end(arguments);
    hf__sized_write(error, error->size, &ours, sizeof ours);
    return status;
}

static hf_status status_of(int number)
{
    switch (number) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return HF_E_STORE_NO_ROOM;
    case EACCES:
    case EPERM:
    case EROFS:
        return HF_E_STORE_ACCESS;
    case ELOOP:
    case EISDIR:
        return HF_E_STORE_TYPE;
    case ENOMEM:
        return HF_E_MEMORY;
    default:
        return HF_E_STORE_IO;
    }
}

static const char *advice_on(hf_status status)
{
    switch (status) {
    case HF_E_STORE_NO_ROOM:
        return "; make room on that file system and try again, what was kept before is safe";
    case HF_E_STORE_ACCESS:
        return "; give this user the right (chown, chmod u+rw), or name another file";
    case HF_E_STORE_TYPE:
        return "; name a regular file";
    case HF_E_STORE_IO:
        return "; look at the file system and the disk";
    default:
        return "";
    }
}

hf_status hf__fail_system(hf_store_error *error, const char *what, const char *path)
{
    int number = errno;
    char reason[128];

    if (strerror_r(number, reason, sizeof reason) != 0)
        snprintf(reason, sizeof reason, "error %d", number);
    hf_status status = status_of(number);
    return hf__fail(error, status, number, "cannot %s %s: %s%s", what, path, reason, advice_on(status));
}
