/* What the parts of the runtime know of each other; runtime.c says what it is. */
#pragma once
#define _GNU_SOURCE
#include <squashfuse/ll.h> /* first: it says which POSIX is meant */

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#define NAME "bothhands"
#ifndef KEY
#error "KEY: version and digest of the squashfs, as a string"
#endif

extern char image[PATH_MAX]; /* this file */
extern size_t own_size;      /* where the squashfs begins in it */

/* runtime.c */
__attribute__((noreturn, format(printf, 1, 2))) void fail(const char *format, ...);
__attribute__((format(printf, 1, 2))) char *joined(const char *format, ...);
const char *variable(const char *name);
bool make_folders(const char *folder);
char *cache_folder(void);

/* unpacking.c */
bool unpack(const char *target, const char **why);
char *unpacked(void);

/* mounting.c */
char *mounted(void);
