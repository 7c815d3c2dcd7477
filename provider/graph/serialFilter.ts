/**
 * The query that makes a list shorter: serial numbers that contain the longest word of this one. The service knows no
 * equality here, and was seen to refuse hyphens and blanks, so whoever asks compares the rows exactly. A serial number
 * without a letter or a digit is looked for in the whole list.
 */
export function buildSerialNumberFilter(serialNumber: string): Readonly<Record<string, string>> {
	const words = serialNumber.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
	const longest = words.reduce((best, word) => (word.length > best.length ? word : best), "");
	return longest === "" ? {} : { $filter: `contains(serialNumber,'${longest}')` };
}
