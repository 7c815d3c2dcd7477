const HOST_NAME_PATTERN =
	/^(?=.{1,260}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*(:\d{1,5})?$/;

/** Whether the text is a hub's host name as connection strings have it: no scheme, no path, a port if need be. */
export function isHostName(text: string): boolean {
	return HOST_NAME_PATTERN.test(text);
}

/** Host names are compared and kept in lower case (RFC 4343). */
export function normalizeHostName(text: string): string {
	return text.toLowerCase();
}
