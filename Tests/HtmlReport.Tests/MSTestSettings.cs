[assembly: DoNotParallelize] // one browser for all tests
