/**
 * One segment of a path, whatever characters the text has. `.` and `..` have a meaning of their own in URLs, however they
 * are encoded (WHATWG URL, "path state"), so an id that is one of them, or none, addresses nothing.
 *
 * @throws TypeError for such an id, and for half a surrogate pair
 */
export function encodePathSegment(id: string): string {
	try {
		if (!/^\.{0,2}$/.test(id)) return encodeURIComponent(id);
	} catch {
		// Said below.
	}
	throw new TypeError(`${JSON.stringify(id)} is no id that can be asked for`);
}
