/** Numbers of system calls are known for these; elsewhere rows say what the kernel tells of the bench's own sockets. */
export const canLook = process.platform === 'linux' && (process.arch === 'x64' || process.arch === 'arm64');
