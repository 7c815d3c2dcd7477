/** A stack's configuration. */
export interface ConfigSource {
	/** Returns a value by its full key, such as `iothub:hostName`; undefined if it is not set. */
	(key: string): string | undefined;
	/** All keys; absent if they cannot be listed. */
	readonly keys?: readonly string[];
	/** The project's name, which is the namespace of the keys that the program reads for itself; absent if it is not known. */
	readonly projectName?: string;
	/** Whether the settings are arguments of a provider that the program creates. Default: they are the stack's configuration. */
	readonly isFromProvider?: boolean;
	/** Returns the sentence that describes how to set a setting in this source. Default: with `pulumi config set`. */
	readonly describeHowToSet?: (setting: MissingSetting) => string;
}

/** The properties of a setting that a message needs to describe how to set it. */
export interface MissingSetting {
	/** The configuration key with its namespace. */
	readonly key: string;
	/** Environment variables that also set it. */
	readonly env: readonly string[];
	/** Whether the value is a secret. */
	readonly secret?: true;
	/** An example of the value. */
	readonly example: string;
}

/** The host's configuration. Every host that calls `configure` passes the two optional properties, but its type does not declare them. */
interface HostConfig {
	/** A value of a stack's configuration is a string; an argument of a provider has the type that the program gave it. */
	get(key: string): unknown;
	readonly rawConfig?: unknown;
	readonly projectName?: unknown;
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
	#isConfigured = false;
	#isFromProvider = false;

	constructor() {
		this.#promise = new Promise((resolve) => {
			this.#resolve = resolve;
		});
	}

	/** Whether the configuration has arrived. */
	get isConfigured(): boolean {
		return this.#isConfigured;
	}

	/**
	 * Takes note that the settings are arguments of a provider that the program creates: each such provider has a process of its own, and
	 * only its resources show which one it is.
	 */
	markFromProvider(): void {
		this.#isFromProvider = true;
	}

	/** Accepts the request of the host's `configure`. Later calls are ignored, so that clients are created once. */
	configure(request: unknown): void {
		if (typeof request !== "object" || request === null || !("config" in request))
			throw new TypeError("configure without config");
		const { config } = request as { config: HostConfig };
		const { rawConfig, projectName } = config;
		const isFromProvider = (): boolean => this.#isFromProvider;
		this.#isConfigured = true;
		this.#resolve(
			Object.defineProperty(
				Object.assign((key: string) => toSettingText(config.get(key)), {
					...(typeof rawConfig === "object" && rawConfig !== null ? { keys: Object.keys(rawConfig) } : {}),
					...(typeof projectName === "string" ? { projectName } : {}),
				}),
				"isFromProvider",
				{ get: isFromProvider },
			),
		);
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

/** Returns a setting as text, as the stack's configuration would have it: a list or an object as JSON. */
function toSettingText(value: unknown): string | undefined {
	if (value === undefined || value === null) return undefined;
	const plain = unwrapSecrets(value);
	return typeof plain === "string" ? plain : JSON.stringify(plain);
}

/** The member by which Pulumi marks a value as special, and its value for a secret (pulumi/pulumi `sdk/nodejs/runtime/rpc.ts`). */
const SPECIAL_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_MARK = "1b47061264138c4ac30d75fd1eb44270";

/** Returns a value without the marks of secrets. The host removes that of the value itself, but none inside it. */
function unwrapSecrets(value: unknown): unknown {
	if (typeof value !== "object" || value === null) return value;
	if (Array.isArray(value)) return value.map(unwrapSecrets);
	const entries = Object.entries(value);
	if (entries.some(([name, inner]) => name === SPECIAL_KEY && inner === SECRET_MARK))
		return unwrapSecrets(Reflect.get(value, "value"));
	return Object.fromEntries(entries.map(([name, inner]) => [name, unwrapSecrets(inner)]));
}

const PULUMI_TOO_OLD =
	"Pulumi's provider host did not send the stack's configuration. Install @pulumi/pulumi 3.150 or later, which sends it.";
