/** Returns a configuration value by its full key, such as `iothub:hostName`; undefined if it is not set. */
export interface ConfigSource {
	(key: string): string | undefined;
	/** Returns the sentence that describes how to set a setting in this source. Default: with `pulumi config set`. */
	readonly describeHowToSet?: (setting: MissingSetting) => string;
}

/** A setting as far as a message needs it to describe how to set it. */
export interface MissingSetting {
	/** The configuration key with its namespace. */
	readonly key: string;
	/** Environment variables that set it, too. */
	readonly env: readonly string[];
	/** Whether the value is a secret. */
	readonly secret?: true;
	/** An example of the value. */
	readonly example: string;
}

/** How long to wait for the configuration, in milliseconds; the host sends it before anything else. */
const CONFIGURE_TIMEOUT_MS = 60_000;

/**
 * The stack's configuration, which the provider host passes to `configure`. The host calls other methods while an
 * asynchronous `configure` is still running, so each of them waits for it.
 */
export class StackConfig {
	readonly #promise: Promise<ConfigSource>;
	#resolve: (config: ConfigSource) => void = () => {};

	constructor() {
		this.#promise = new Promise((resolve) => {
			this.#resolve = resolve;
		});
	}

	/** Accepts the request of the host's `configure`. Later calls are ignored, so that clients are created once. */
	configure(request: unknown): void {
		if (typeof request !== "object" || request === null || !("config" in request))
			throw new TypeError("configure without config");
		const { config } = request as { config: { get(key: string): string | undefined } };
		this.#resolve((key) => config.get(key));
	}

	/** Resolves to the configuration once it has arrived. Throws if it does not arrive within a minute. */
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
