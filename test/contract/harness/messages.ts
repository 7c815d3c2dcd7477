import type { ResourceProvider } from "../../../provider/resource/resourceProvider.ts";

/** Everything that a provider put in front of people: what it said, and the errors that it threw. */
export class MessageRecorder {
	/** What was said, in order. */
	readonly said: string[] = [];
	/** What was thrown, each with its causes. */
	readonly thrown: string[] = [];

	readonly say = (text: string): void => {
		this.said.push(text);
	};

	/** The same lifecycle, listened to. */
	listenTo(life: ResourceProvider): ResourceProvider {
		return {
			check: (olds, news) => this.record(life.check(olds, news)),
			diff: (id, olds, news) => this.record(life.diff(id, olds, news)),
			create: (inputs) => this.record(life.create(inputs)),
			read: (id, olds) => this.record(life.read(id, olds)),
			update: (id, olds, news) => this.record(life.update(id, olds, news)),
			delete: (id, olds) => this.record(life.delete(id, olds)),
			inspectResource: (id, outputs, look) => this.record(life.inspectResource(id, outputs, look)),
		};
	}

	/** The same promise; its error is written down. */
	async record<Result>(promise: Promise<Result>): Promise<Result> {
		try {
			return await promise;
		} catch (error) {
			this.thrown.push(...listMessages(error));
			throw error;
		}
	}

	/** Forgets what was said and thrown until now. */
	forget(): void {
		this.said.length = 0;
		this.thrown.length = 0;
	}

	/** All of it. */
	listTexts(): readonly string[] {
		return [...this.said, ...this.thrown];
	}
}

function listMessages(error: unknown): string[] {
	if (!(error instanceof Error)) return [String(error)];
	return [error.message, ...(error.cause === undefined ? [] : listMessages(error.cause))];
}

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

/** No sentence about one object is longer; a fleet's tells of three. */
const MAX_MESSAGE_LENGTH = 2_600;

/** Words by which it is seen that a value was put into a sentence that has none, or is none. */
const SLIPS = /\bundefined\b|\[object \w+\]|\bNaN\b|\bnull\b|\$\{|: \.|\(\)|\s{2,}\S*\.ts|^\s+at /m;

/** Words that tell what to do. */
const ADVICE =
	/[Rr]un (?:the command|`pulumi)|\b[Ss]et |\b[Cc]heck |\b[Dd]eclare |\bneeds the |\bmust be |allow more|[Tt]he plan shows/;

/** What is wrong with a text that people are to read; empty where nothing is. */
export function findTextFaults(text: string, known: Iterable<string>): string[] {
	const isControlled = [...text].some((character) => character !== "\n" && /\p{Cc}/u.test(character));
	return [
		...(text.trim() === "" ? ["it is empty"] : []),
		...(SLIPS.test(text) ? [`it says ${SLIPS.exec(text)?.[0]}`] : []),
		...(text.length > MAX_MESSAGE_LENGTH ? [`it has ${text.length} characters`] : []),
		...(isControlled ? ["it has a control character"] : []),
		...findLeaks(text, known),
	];
}

/** The same for an error's message, which names the object and says what to do. */
export function findMessageFaults(
	message: string,
	labels: readonly string[],
	known: Iterable<string>,
): string[] {
	return [
		...findTextFaults(message, known),
		...(ADVICE.test(message) ? [] : ["it does not say what to do"]),
		...(labels.some((label) => message.includes(label)) ? [] : [`it does not name ${labels.join(" or ")}`]),
	];
}
