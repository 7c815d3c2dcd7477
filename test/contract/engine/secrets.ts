/**
 * What looks like a secret whatever its value: placeholders in angle brackets and `[secret]` do not, and neither do long
 * names, which have no digit in them.
 */
const SECRET_SHAPES: readonly RegExp[] = [
	/SharedAccessKey=(?![<[])[^\s;"')]/i,
	/SharedAccessSignature\s+s[rie]/i,
	/\bsig=(?![<[])\S/i,
	/\beyJ[A-Za-z0-9_-]{10,}/,
	/(?:client_secret|client_assertion|access_token)=(?![<[])\S/i,
	/\bT0[E-H][A-Za-z0-9+/]{12}/,
	/(?=[A-Za-z+/]{0,41}\d)[A-Za-z0-9+/]{42}[A-Za-z0-9+/=]{2}/,
];

/** Sentences about secrets that are in a text: which known value, or which shape. Empty where there is none. */
export function findLeaks(text: string, known: Iterable<string>): string[] {
	const values = [...known].filter((secret) => secret.length >= 8 && text.includes(secret));
	const shapes = SECRET_SHAPES.filter((shape) => shape.test(text));
	return [
		...values.map(() => `A secret stands in: ${text}`),
		...shapes.map((shape) => `Something like ${shape} stands in: ${text}`),
	];
}
