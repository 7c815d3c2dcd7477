import type { ResourceProvider } from "../../../provider/lifecycle/lifecycle.ts";

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
			check: (olds, news) => this.hear(life.check(olds, news)),
			diff: (id, olds, news) => this.hear(life.diff(id, olds, news)),
			create: (inputs) => this.hear(life.create(inputs)),
			read: (id, olds) => this.hear(life.read(id, olds)),
			update: (id, olds, news) => this.hear(life.update(id, olds, news)),
			delete: (id, olds) => this.hear(life.delete(id, olds)),
			inspectResource: (id, outputs, look) => this.hear(life.inspectResource(id, outputs, look)),
		};
	}

	/** The same promise; its error is written down. */
	async hear<Result>(promise: Promise<Result>): Promise<Result> {
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
	all(): readonly string[] {
		return [...this.said, ...this.thrown];
	}
}

function listMessages(error: unknown): string[] {
	if (!(error instanceof Error)) return [String(error)];
	return [error.message, ...(error.cause === undefined ? [] : listMessages(error.cause))];
}
