/*
 * What an AppImage of type 2 begins with; the squashfs of an AppDir follows it (https://docs.appimage.org/reference).
 *
 * It mounts that squashfs and starts AppRun from there. Where nothing can be mounted (no /dev/fuse, no fusermount3), it
 * unpacks the squashfs into the cache folder, once, and starts AppRun from there. squashfuse reads and serves the
 * squashfs, libfuse mounts it; here is only who does what, and for how long.
 *
 * The AppImage project's own runtime mounts at another place at each start. This one keeps to one place per version and
 * user, because what Bothhands compiles at its first start is found again by the path of its source.
 *
 * Compiled by tools/bundle/runtime.py, which gives KEY: version and digest of the squashfs.
 */
#include "runtime.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char image[PATH_MAX];
size_t own_size;

/* One sentence for a person, and exit code 2. */
void fail(const char *format, ...) {
    va_list values;
    va_start(values, format);
    fprintf(stderr, NAME ": ");
    vfprintf(stderr, format, values);
    fprintf(stderr, "\n");
    exit(2);
}

/* Parts of a path, and the like, as one text of its own. */
char *joined(const char *format, ...) {
    char *text;
    va_list values;
    va_start(values, format);
    if (vasprintf(&text, format, values) < 0) fail("there is no memory left.");
    va_end(values);
    return text;
}

/* Of the environment; NULL where it is empty, too. */
const char *variable(const char *name) {
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

/* Where this file is, and where what follows its ELF part begins, which its section headers end. */
static void find_image(void) {
    if (!realpath("/proc/self/exe", image)) fail("/proc is not mounted, and it cannot find its own file.");
    ElfW(Ehdr) header;
    struct stat about;
    struct squashfs_super_block super;
    int file = open(image, O_RDONLY | O_CLOEXEC);
    if (file < 0 || pread(file, &header, sizeof header, 0) != sizeof header || fstat(file, &about))
        fail("%s cannot be read: %s.", image, strerror(errno));
    own_size = header.e_shoff + (size_t)header.e_shentsize * header.e_shnum;
    if (pread(file, &super, sizeof super, (off_t)own_size) != sizeof super || super.s_magic != SQUASHFS_MAGIC ||
        own_size + super.bytes_used > (size_t)about.st_size)
        fail("%s was cut off; get it anew.", image);
    close(file);
}

/* A folder and those above it; false where it cannot be made. */
bool make_folders(const char *folder) {
    char *path = joined("%s", folder);
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        mkdir(path, 0755);
        *slash = '/';
    }
    bool made = !mkdir(path, 0755) || errno == EEXIST;
    free(path);
    return made;
}

/* The folder of caches, or the one that the person chose for this program. */
char *cache_folder(void) {
    if (variable("BOTHHANDS_UNPACKED")) return joined("%s/" NAME, variable("BOTHHANDS_UNPACKED"));
    if (variable("XDG_CACHE_HOME")) return joined("%s/" NAME, variable("XDG_CACHE_HOME"));
    if (variable("HOME")) return joined("%s/.cache/" NAME, variable("HOME"));
    return NULL;
}

/* Start AppRun, with the variables that the specification gives it. */
__attribute__((noreturn)) static void run(const char *folder, char **arguments) {
    char *program = joined("%s/AppRun", folder), *here = get_current_dir_name();
    setenv("APPDIR", folder, 1);
    setenv("APPIMAGE", image, 1);
    setenv("ARGV0", arguments[0], 1);
    if (here) setenv("OWD", here, 1);
    arguments[0] = program;
    execv(program, arguments);
    fail("%s cannot be started: %s.", program, strerror(errno));
}

int main(int count, char **arguments) {
    const char *option = count > 1 && !strncmp(arguments[1], "--appimage-", 11) ? arguments[1] + 11 : "";
    find_image();
    if (!strcmp(option, "help")) {
        puts("Bothhands as an AppImage. Arguments go to the program; without FUSE it unpacks itself, once.\n\n"
             "  --appimage-extract          unpack it into ./squashfs-root\n"
             "  --appimage-extract-and-run  unpack it into the cache folder, once, and start it from there;\n"
             "                              the same as the variable APPIMAGE_EXTRACT_AND_RUN=1\n"
             "  --appimage-mount            mount it, print where, and wait for Ctrl+C\n"
             "  --appimage-offset           where in this file the file system begins\n"
             "  --appimage-version          of the program, with what it carries");
    } else if (!strcmp(option, "offset")) {
        printf("%zu\n", own_size);
    } else if (!strcmp(option, "version")) {
        puts(NAME " " KEY);
    } else if (!strcmp(option, "extract")) {
        const char *why;
        if (!unpack("squashfs-root", &why)) fail("it cannot be unpacked into squashfs-root: %s.", why);
        puts("squashfs-root");
    } else if (!strcmp(option, "mount")) {
        char *folder = mounted();
        if (!folder) fail("FUSE mounts nothing here; is /dev/fuse there, and fusermount3 (package fuse3) installed?");
        puts(folder);
        fflush(stdout);
        pause();
    } else if (!strcmp(option, "extract-and-run")) {
        arguments[1] = arguments[0];
        run(unpacked(), arguments + 1);
    } else if (*option) {
        fail("there is no option --appimage-%s; --appimage-help lists them.", option);
    } else {
        char *folder = variable("APPIMAGE_EXTRACT_AND_RUN") ? NULL : mounted();
        run(folder ? folder : unpacked(), arguments);
    }
    return 0;
}
