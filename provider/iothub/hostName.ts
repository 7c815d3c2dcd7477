const HOST =
	/^(?=.{1,260}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*(:\d{1,5})?$/;

/** Whether the text is a hub's host name as connection strings have it: no scheme, no path, a port if need be. */
export function isHostName(text: string): boolean {
	return HOST.test(text);
}

/** Host names are compared and kept in lower case (RFC 4343). */
export function canonicalHost(text: string): string {
	return text.toLowerCase();
}
