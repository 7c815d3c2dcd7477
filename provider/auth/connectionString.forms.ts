/** Names of variables, as shells and files of variables write them before a value. */
const ASSIGNMENT = /^(?:(?:export|set|setx)\s+|\$env:|\$)?[A-Za-z_]\w*\s*=\s*["']?(?:HostName|Endpoint)\s*=/i;

/** A quotation mark of a shell, or one that a word processor made of it. */
const QUOTE = /["'`\u2018\u2019\u201C\u201D\u00AB\u00BB]/;

/** The start of a second connection string behind something else than a line break. */
const SECOND_STRING = /(?<![;\s])[,|\s]\s*(?:HostName|Endpoint)\s*=/i;

/**
 * Returns what is around a connection string, or between several, that does not belong there; undefined if nothing is. The text is
 * not repeated.
 *
 * @param text one setting, or one line of it, without white space around it
 */
export function findFormProblem(text: string): string | undefined {
	if (ASSIGNMENT.test(text))
		return "begins with the name of a variable (`export NAME=`); leave it out, the value begins at HostName=";
	if (text.startsWith("{"))
		return "is JSON, as `az iot hub connection-string show` prints it without `--query connectionString --output tsv`; set only the string that is in it";
	if (QUOTE.test(text.charAt(0)) || QUOTE.test(text.charAt(text.length - 1)))
		return "has quotation marks around it, which are part of the value; a shell removes its own quotes, other places need none";
	if (/^SharedAccessSignature\s/i.test(text))
		return "is a SharedAccessSignature alone; write 'HostName=<hub>.azure-devices.net;SharedAccessSignature=…' with it";
	if (SECOND_STRING.test(text))
		return "has two connection strings on one line; write each on a line of its own, or set a list of them";
	return undefined;
}
