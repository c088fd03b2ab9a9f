/** The parent's API said no before anything was sent. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal';
  constructor(
    readonly status: 400 | 404 | 409 | 500,
    message: string,
  ) {
    super(`${status}: ${message}`);
  }
}
