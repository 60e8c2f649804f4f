// The stubs of Slack, Backlog and Jira that the end-to-end tests lead the handler to, here for the services' own clients.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';

const ROOT = join(__dirname, '..', '..');

/** What a service answers instead of doing what it is asked; see local/services/customer.py. */
export interface Refusal {
  readonly service: string;
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** The running stubs. */
export class Services {
  /** Starts them. */
  public static async start(): Promise<Services> {
    const child = spawn(join(ROOT, '.venv', 'bin', 'python'), ['-m', 'local.services'], { cwd: ROOT });
    const services = new Services(child);
    const { port, secrets } = (await services.next()) as { port: number; secrets: Record<string, string> };
    services.port = port;
    services.secrets = secrets;
    return services;
  }

  private port = 0;
  private secrets: Record<string, string> = {};
  private readonly lines: Interface;

  private constructor(private readonly child: ChildProcessWithoutNullStreams) {
    this.lines = createInterface(child.stdout);
  }

  /** The customer's secret of this name. */
  public secret(name: string): string {
    const secret = this.secrets[name];
    if (secret === undefined) throw new Error(`no secret \`${name}\``);
    return secret;
  }

  /** As `fetch`, but the stubs answer. */
  public readonly fetch = async (url: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const { host, pathname, search } = new URL(url instanceof Request ? url.url : url);
    return fetch(`http://127.0.0.1:${this.port}/${host}${pathname}${search}`, init);
  };

  /** Lets a service refuse its next request. */
  public async refuse(refuse: Refusal): Promise<void> {
    await this.ask({ refuse });
  }

  /** What a service keeps. */
  public async kept(service: string): Promise<Record<string, unknown[]>> {
    return (await this.ask({ kept: service })) as Record<string, unknown[]>;
  }

  /** Ends them. */
  public async stop(): Promise<void> {
    this.child.stdin.end();
    await once(this.child, 'exit');
  }

  private async ask(what: unknown): Promise<unknown> {
    const answer = this.next();
    this.child.stdin.write(`${JSON.stringify(what)}\n`);
    return answer;
  }

  private async next(): Promise<unknown> {
    const [line] = (await once(this.lines, 'line')) as [string];
    return JSON.parse(line);
  }
}
