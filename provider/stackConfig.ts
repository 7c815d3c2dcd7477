/** Where configuration is looked up by its full key: `iothub:hostName`. */
export type ConfigSource = (key: string) => string | undefined;

/** How long to wait for the configuration, in milliseconds. The host sends it first, and at once. */
const CONFIGURE_TIMEOUT_MS = 60_000;

/**
 * The stack's configuration, once the provider host has handed it over. The host begins to call other methods while
 * an asynchronous `configure` is still under way, so each of them waits for this.
 */
export class StackConfig {
	readonly #promise: Promise<ConfigSource>;
	#resolve: (config: ConfigSource) => void = () => {};

	constructor() {
		this.#promise = new Promise((resolve) => {
			this.#resolve = resolve;
		});
	}

	/** Takes the request of the host's `configure`. */
	configure(request: unknown): void {
		if (typeof request !== "object" || request === null || !("config" in request))
			throw new TypeError("configure without config");
		const { config } = request as { config: { get(key: string): string | undefined } };
		this.#resolve((key) => config.get(key));
	}

	/** The configuration, as soon as there is one. */
	async waitForConfig(): Promise<ConfigSource> {
		let timer: NodeJS.Timeout | undefined;
		const timeout = new Promise<never>((_, reject) => {
			timer = setTimeout(() => reject(new Error(PULUMI_TOO_OLD)), CONFIGURE_TIMEOUT_MS);
		});
		try {
			return await Promise.race([this.#promise, timeout]);
		} finally {
			clearTimeout(timer);
		}
	}
}

const PULUMI_TOO_OLD =
	"Pulumi's provider host did not hand over the stack's configuration. It does since @pulumi/pulumi 3.150; install that or a later one.";
