/** Where configuration is looked up by its full key: `iothub:hostName`. */
export type Config = (key: string) => string | undefined;

/** How long to wait for the configuration, in milliseconds. The host sends it first, and at once. */
const PATIENCE = 60_000;

/**
 * The stack's configuration, once the provider host has handed it over. The host begins to call other methods while
 * an asynchronous `configure` is still under way, so each of them waits for this.
 */
export class Configured {
	readonly #promise: Promise<Config>;
	#resolve: (config: Config) => void = () => {};

	constructor() {
		this.#promise = new Promise((resolve) => {
			this.#resolve = resolve;
		});
	}

	/** Takes the request of the host's `configure`. */
	set(request: unknown): void {
		if (typeof request !== "object" || request === null || !("config" in request))
			throw new TypeError("configure without config");
		const { config } = request as { config: { get(key: string): string | undefined } };
		this.#resolve((key) => config.get(key));
	}

	/** The configuration, as soon as there is one. */
	async get(): Promise<Config> {
		let timer: NodeJS.Timeout | undefined;
		const late = new Promise<never>((_, reject) => {
			timer = setTimeout(() => reject(new Error(TOO_OLD)), PATIENCE);
		});
		try {
			return await Promise.race([this.#promise, late]);
		} finally {
			clearTimeout(timer);
		}
	}
}

const TOO_OLD =
	"Pulumi's provider host did not hand over the stack's configuration. It does since @pulumi/pulumi 3.150; install that or a later one.";
